"""Whoever takes an Idempotency-Key says in the answer whether it had been answered before."""

import ast
from collections.abc import Iterator

from tests.contracts.source import modules

# What sets Idempotency-Replayed, or hands on to a view that does.
ANSWERS = {"answer_once", "once_answer", "answer_privately", "_transfer_answer", "post"}

# What asking again does not change, with a key or without: there is nothing to replay.
THE_SAME_AGAIN = {
    "wallet/passkeys/views.py: PasskeyOptionsView.post",
    "wallet/passkeys/views.py: AssertView.post",
    "wallet/payments/views.py: AliasesView.post",
    "merchants/checkout/views.py: AppOrders.post",
    "merchants/checkout/views.py: AppOrderPayments.post",
}


def silent_posts(tree: ast.AST) -> Iterator[str]:
    """Views that document the key and answer without saying whether it was a repeat."""
    for view in ast.walk(tree):
        if not isinstance(view, ast.ClassDef):
            continue
        for method in view.body:
            if not isinstance(method, ast.FunctionDef):
                continue
            decorators = {
                node.id
                for decorator in method.decorator_list
                for node in ast.walk(decorator)
                if isinstance(node, ast.Name)
            }
            calls = {
                node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                for node in ast.walk(method)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)
            }
            if "IDEMPOTENCY_KEY" in decorators and not calls & ANSWERS:
                yield f"{view.name}.{method.name}"


def test_every_view_that_takes_a_key_says_whether_it_was_a_repeat() -> None:
    silent = [
        f"{module.name}: {name}" for module in modules() for name in silent_posts(module.tree)
    ]
    assert set(silent) == THE_SAME_AGAIN


def test_a_view_that_keeps_silent_is_found() -> None:
    source = (
        "class Sales(APIView):\n"
        "    @extend_schema(parameters=[IDEMPOTENCY_KEY])\n"
        "    def post(self, request):\n"
        "        return Response(sell(key=own_key(request)))\n"
    )
    assert list(silent_posts(ast.parse(source))) == ["Sales.post"]
