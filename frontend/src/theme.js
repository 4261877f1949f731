// Runs in the head, before anything is painted, so that neither colours nor the navigation jump.
import { recall } from "./memory.js";

const root = document.documentElement;
root.classList.add("js");
root.dataset.theme = recall("theme") || "auto";
root.dataset.nav = recall("nav") || (innerWidth < 1024 ? "narrow" : "wide");
