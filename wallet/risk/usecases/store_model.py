"""Train a model on a simulated world and store it; a rule set says which model counts."""

from config.kernel import transactions
from config.kernel.audit.chain import record
from wallet.risk.models import RiskModel
from wallet.risk.rules import rule_set
from wallet.risk.rules.scoring import read_model
from wallet.risk.rules.versions import NEWEST
from wallet.risk.simulator.dataset import simulate
from wallet.risk.simulator.training import measure, train


def store_model(*, version: str, seed: int, actor: str) -> RiskModel:
    """Train by a seed and store the model as text with its figures; again gives the first.

    Raises:
        LibraryMissing: LightGBM is not installed.
    """
    earlier = RiskModel.objects.filter(version=version).first()
    if earlier is not None:
        return earlier
    periods = simulate(seed)
    trained = train(periods, seed=seed)
    model = read_model(version, trained.text, trained.threshold)
    figures = measure(rule_set(NEWEST), model, periods.test)
    return _store(
        RiskModel(
            version=version,
            text=trained.text,
            threshold=trained.threshold,
            figures=figures,
            reference=dict(trained.reference),
        ),
        actor,
    )


@transactions.atomic_retry
def _store(model: RiskModel, actor: str) -> RiskModel:
    model.save(force_insert=True)
    record(
        action="risk.train_model",
        actor=actor,
        target=f"risk_model:{model.version}",
        after={"figures": {"pr_auc": model.figures["pr_auc"]}},
    )
    return model
