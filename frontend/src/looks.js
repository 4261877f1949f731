// Theme and navigation width: two switches whose choice stays in this browser.
import { remember } from "./memory.js";

const THEMES = ["auto", "light", "dark"];
const root = document.documentElement;

export function isDark() {
  const theme = root.dataset.theme;
  return theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
}

function nextTheme(button) {
  const theme = THEMES[(THEMES.indexOf(root.dataset.theme) + 1) % THEMES.length];
  root.dataset.theme = theme;
  remember("theme", theme);
  name(button, theme);
  document.dispatchEvent(new CustomEvent("tradewind:theme"));
}

function name(button, theme) {
  const words = button.dataset[theme];
  button.title = words;
  button.setAttribute("aria-label", words);
}

function toggleNavigation(button) {
  const narrow = root.dataset.nav !== "narrow";
  root.dataset.nav = narrow ? "narrow" : "wide";
  remember("nav", root.dataset.nav);
  button.setAttribute("aria-expanded", String(!narrow));
}

export function startLooks() {
  for (const button of document.querySelectorAll("[data-theme-switch]")) {
    name(button, root.dataset.theme);
    button.addEventListener("click", () => nextTheme(button));
  }
  for (const button of document.querySelectorAll("[data-nav-switch]")) {
    button.setAttribute("aria-expanded", String(root.dataset.nav !== "narrow"));
    button.addEventListener("click", () => toggleNavigation(button));
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    document.dispatchEvent(new CustomEvent("tradewind:theme"));
  });
}
