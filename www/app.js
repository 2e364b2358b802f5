// The demo page: which API is chosen, and when each panel is drawn. No session logic stands here or in any other
// file of the page: what keeps a visitor signed in is the package.

import { describe } from "./apis.js";
import { showControls } from "./controls-panel.js";
import * as server from "./demo-server.js";
import { showDetails } from "./details-panel.js";
import { byId, h, setText } from "./dom.js";
import { showError } from "./error-panel.js";
import { showLog } from "./log-panel.js";
import { focusLogin, loginPanel } from "./login-panel.js";
import { Page } from "./page.js";
import { sessionPanel } from "./session-panel.js";
import { timeline } from "./timeline.js";
import { validationActions } from "./validation.js";

const STATUS = { loading: "Loading", "signed-out": "Signed out", "signed-in": "Signed in", challenge: "One more step" };
const TICK_MS = matchMedia("(prefers-reduced-motion: reduce)").matches ? 1000 : 100;

let apis = [];
let page = null;
let panel = still("");
let face = null;
let drawTimeline = () => {};
let detailsDue = false;

const view = {
  entered,
  changed,
  answered: showDetailsSoon,
  failed: (error) => showError(byId("error"), error, validationActions(page, error)),
  say: (text) => setText(byId("said"), text),
};

function entered() {
  const { api, journal } = page.session;
  byId("second-tab").href = `#${api.name}`;
  showTabs(api);
  showControls(page);
  showError(byId("error"), null);
  showLog(byId("log"), journal);
  drawTimeline = timeline(byId("timeline"), page);
  face = null;
  changed();
}

// The card is rebuilt only when its face changes, so that the keyboard's focus survives a renewal; a client that is made
// anew does not show that it loads.
function changed() {
  const { status } = page.session.auth.state;
  if (status === "loading" && face !== null) return;
  if (status !== face) turn(status);
  panel.tick();
  showDetailsSoon();
}

function turn(status) {
  const hadFocus = byId("session-body").contains(document.activeElement);
  setText(byId("status"), STATUS[status]);
  byId("status").dataset.status = status;
  panel = panelOf(status);
  byId("session-body").replaceChildren(panel.element);
  if (face !== null) view.say(STATUS[status]);
  if (hadFocus) status === "signed-out" ? focusLogin() : byId("session").focus();
  face = status;
}

function panelOf(status) {
  if (status === "signed-in") return sessionPanel(page);
  return still(status === "loading" ? "" : loginPanel(page));
}

function still(element) {
  return { element, tick() {} };
}

// Twenty answers of one moment are one redrawing.
function showDetailsSoon() {
  if (detailsDue) return;
  detailsDue = true;
  requestAnimationFrame(() => {
    detailsDue = false;
    showDetails(byId("details"), page);
  });
}

function showTabs(current) {
  const tab = (api) =>
    h(
      "a",
      { class: "api", href: `#${api.name}`, "aria-current": api === current ? "true" : "false" },
      h("strong", {}, api.title),
      h("span", {}, `POST ${api.loginPath}`),
    );
  byId("apis").replaceChildren(...apis.map(tab));
}

// Other fragments, such as the skip link's, choose nothing.
function follow() {
  const wanted = apis.find((api) => `#${api.name}` === location.hash) ?? page.session?.api ?? firstApi();
  if (page.session?.api !== wanted) page.enter(wanted);
}

// One that renews unseen tells the most at first sight.
const firstApi = () => apis.find((api) => api.renewal === "endpoint") ?? apis[0];

function tick() {
  if (document.hidden) return;
  panel.tick();
  drawTimeline();
}

async function begin() {
  const demo = await server.config();
  apis = demo.realms.map(describe);
  page = new Page(demo.password, view);
  follow();
  addEventListener("hashchange", follow);
  setInterval(tick, TICK_MS);
}

begin().catch((error) => setText(byId("status"), `The demo could not start: ${error.message}`));
