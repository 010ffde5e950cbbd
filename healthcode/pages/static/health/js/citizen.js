/* The citizen's page: sign in, declare, then the code with everything that explains it.

   While the code is on the screen the server is not asked: neither for the next half minute's
   symbol, nor for anything else. It is asked when the page is opened or comes back to the
   front, when the person does something, and when the pass is about to end. */

import { fill, h } from "../../saoma/js/dom.js";
import { explain, t } from "../../saoma/js/i18n.js";
import { CitizenApi } from "./citizen-api.js";
import { CodePanel, say } from "./citizen-code.js";
import * as household from "./citizen-family.js";
import * as forms from "./citizen-forms.js";
import * as sections from "./citizen-sections.js";
import { signIn } from "./citizen-signin.js";
import { Holder, canSign } from "./holder.js";
import { begin } from "./shell.js";
import { dropAll, load, save } from "./store.js";
import { learnTime, recallTime } from "./time.js";

const SESSION = "citizen/session";
const CARD = "citizen/card";
const LOOK_AGAIN_MS = 60_000;
const DUE_CHECK_MS = 15_000;

class CitizenPage {
  api = new CitizenApi();
  holder = new Holder(this.api);
  session = null;
  card = null;
  #panel = null;
  #proxy = null;
  #asked = 0;

  constructor(root) {
    this.root = root;
    this.banner = h("p", { id: "banner", class: "notice wait", role: "status", hidden: true });
  }

  async open() {
    if (canSign()) {
      await recallTime();
      this.session = (await load(SESSION)) ?? null;
      this.card = (await load(CARD)) ?? null;
      await this.holder.recall();
    }
    document.addEventListener("visibilitychange", () => this.#comeBack());
    addEventListener("online", () => this.refresh());
    addEventListener("offline", () => this.#tellNetwork(true));
    setInterval(() => this.#renewIfDue(), DUE_CHECK_MS);
    if (!this.session) return this.#drawSignIn();
    this.api.token = this.session.token;
    if (this.card) this.#draw();
    await this.refresh();
  }

  /** Ask how the person stands; draw, and renew the pass where it does not fit any more. */
  async refresh({ anew = false } = {}) {
    if (!this.session) return;
    this.#asked = Date.now();
    try {
      const started = performance.now();
      await this.#take(await this.api.card(), { anew, tookMs: performance.now() - started });
      this.#tellNetwork(false);
    } catch (error) {
      await this.#failed(error);
    }
  }

  async #take(card, { anew = false, tookMs = 0 } = {}) {
    await learnTime(card.now, tookMs);
    this.card = card;
    if (canSign()) await save(CARD, card);
    const known = card.subject_id && card.colour !== "UNKNOWN";
    const due = known && (anew || this.holder.isDue(card.colour));
    if (due) await this.holder.renew(deviceName());
    this.#draw();
  }

  async #failed(error) {
    if (error.status === 401) {
      await this.#forget();
      this.#drawSignIn();
      return;
    }
    if (!this.card && error.code === "no_network") this.#draw();
    if (error.code === "no_network") this.#tellNetwork(true);
    else this.#tell(explain(error));
  }

  #comeBack() {
    if (!document.hidden && Date.now() - this.#asked > LOOK_AGAIN_MS) this.refresh();
  }

  /* Before the pass ends the next one is fetched; without a key that is each minute. */
  async #renewIfDue() {
    const { holder, card } = this;
    if (!this.session || !card?.subject_id || document.hidden || !navigator.onLine) return;
    if (holder.isDue(holder.pass?.colour)) await this.refresh();
  }

  #tellNetwork(away) {
    this.#tell(away ? t(this.holder.live ? "net.away" : "net.away_no_code") : "");
  }

  #tell(text) {
    this.banner.hidden = !text;
    this.banner.replaceChildren(text);
  }

  #drawSignIn() {
    this.#panel?.stop();
    this.#panel = null;
    fill(this.root, signIn(this.api, deviceName(), (answer) => this.#signedIn(answer)));
  }

  async #signedIn({ token, user }) {
    this.session = { token, user };
    if (canSign()) await save(SESSION, this.session);
    await this.refresh();
  }

  async #signOut() {
    await this.api.logOut().catch(() => null);
    await this.#forget();
    this.#drawSignIn();
  }

  async #forget() {
    this.#proxy?.stop();
    this.#proxy = null;
    this.session = null;
    this.card = null;
    this.holder = new Holder(this.api);
    this.api.token = "";
    if (canSign()) await dropAll("citizen/");
  }

  #draw() {
    const { card } = this;
    // A dependent's code stays on the screen until the person goes back to their own.
    if (this.#proxy) return;
    if (!card) {
      fill(this.root, h("div", { class: "alone stack" }, this.banner));
      return;
    }
    if (!card.subject_id) {
      this.#drawFirst();
      return;
    }
    const [key, why] = [`${card.subject_id}`, h("div", { class: "stack section-body" }, sections.reasons(card))];
    if (this.#panel?.key !== key) this.#drawAll(key);
    fill(this.#panel.why, why);
    fill(this.#panel.notices, sections.notices(card));
    this.#panel.start();
    this.#panel.lazies.forEach((lazy) => lazy.refresh());
  }

  #drawFirst() {
    const { name } = this.session.user;
    fill(
      this.root,
      h(
        "div",
        { class: "alone stack" },
        this.banner,
        h(
          "section",
          { class: "card stack" },
          h("h1", {}, t("first.title")),
          h("p", { class: "soft" }, t("first.hint")),
          forms.declaration(this.api, { first: true, name, onDone: (card) => this.#take(card) }),
        ),
        this.#wayOut(),
      ),
    );
  }

  /** Whoever is not proven yet says once more who they are. */
  #declaration() {
    const { api, session, card } = this;
    const onDone = (found) => this.#take(found);
    const identify = sections.isUnproven(card);
    return forms.declaration(api, { first: false, name: session.user?.name ?? "", onDone, identify });
  }

  #drawAll(key) {
    this.#panel?.stop();
    const { api } = this;
    const onDone = (card) => this.#take(card);
    const log = sections.lazy("looks", t("looks.title"), () => sections.looks(api));
    const objections = sections.lazy("appeal", t("appeal.title"), () =>
      sections.appeals(api, this.card, () => objections.refresh()),
    );
    const phones = sections.lazy("devices", t("devices.title"), () =>
      household.devices(api, this.holder, () => phones.refresh()),
    );
    const people = sections.lazy("family", t("family.title"), () =>
      household.family(api, { refresh: () => people.refresh(), onShow: (person) => this.#showFor(person) }),
    );
    const panel = Object.assign(new CodePanel(this.holder, () => this.#renewIfDue()), {
      key,
      why: h("div", {}),
      notices: h("div", {}),
      lazies: [log, objections, phones, people],
    });
    this.#panel = panel;
    fill(
      this.root,
      h(
        "div",
        { class: "citizen" },
        h("div", { class: "stack left" }, h("h1", { class: "visually-hidden" }, t("code.title")), this.banner, panel.element, this.#wayOut()),
        h(
          "div",
          { class: "stack" },
          h("section", { class: "card" }, h("h2", {}, t("why.title")), panel.why),
          sections.section("checkin", t("say.checkin"), forms.checkIn(api, { onDone })),
          sections.section("visit", t("visit.title"), h("p", { class: "soft" }, t("visit.hint")), forms.visit(api, { say })),
          log.element,
          objections.element,
          people.element,
          phones.element,
          sections.section("declare", t("say.declare"), this.#declaration()),
          sections.section("trip", t("say.trip"), forms.trip(api, { onDone })),
          sections.section("certificate", t("say.certificate_title"), forms.certificate(api, { onDone })),
          sections.section("notices", t("notices.title"), panel.notices),
          sections.section("erase", t("erase.title"), sections.erasure(api, () => this.#erased())),
        ),
      ),
    );
  }

  /** Carry a dependent's code: bound to this phone, shown without the server as one's own. */
  async #showFor({ subject_id: subject, other }) {
    const holder = new Holder(this.api, subject);
    await holder.recall();
    const renew = async () => {
      try {
        // There is no pass for somebody of whom nothing is known yet.
        const { colour } = await this.api.card(subject);
        if (colour !== "UNKNOWN") await holder.renew(deviceName());
        this.#tell("");
      } catch (error) {
        this.#tell(explain(error));
      }
    };
    if (holder.isDue(holder.pass?.colour)) await renew();
    this.#panel?.stop();
    this.#proxy = new CodePanel(holder, renew);
    const onDone = async () => {
      await renew();
      this.#proxy?.start();
    };
    fill(
      this.root,
      h(
        "div",
        { class: "citizen" },
        h(
          "div",
          { class: "stack left" },
          h("h1", {}, t("code.proxy", { name: other })),
          this.banner,
          this.#proxy.element,
          h("button", { type: "button", class: "button", id: "own-code", onclick: () => this.#backToOwn() }, t("family.own")),
        ),
        h(
          "div",
          { class: "stack" },
          sections.section("checkin", t("say.checkin"), forms.checkIn(this.api, { onDone, subject })),
          sections.section("declare", t("say.declare"), forms.declaration(this.api, { first: false, name: "", onDone, subject })),
        ),
      ),
    );
    this.#proxy.start();
  }

  #backToOwn() {
    this.#proxy?.stop();
    this.#proxy = null;
    this.#panel = null;
    this.#draw();
  }

  #wayOut() {
    const button = (text, act) => h("button", { type: "button", class: "button small", onclick: act }, text);
    return h(
      "div",
      { class: "row spread" },
      button(t("code.refresh"), () => this.refresh({ anew: true })),
      button(t("in.leave"), () => this.#signOut()),
    );
  }

  async #erased() {
    await this.holder.drop();
    this.#panel?.stop();
    this.#panel = null;
    await this.refresh();
  }
}

/* What the person will read in the list of their devices. */
function deviceName() {
  const { userAgentData } = /** @type {any} */ (navigator);
  const platform = userAgentData?.platform || navigator.platform || "";
  return `${t("in.browser")} ${platform}`.trim().slice(0, 40);
}

await begin();
new CitizenPage(document.getElementById("app")).open();
