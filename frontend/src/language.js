// The page's language, in the two that there are.
export function language() {
  return document.documentElement.lang.toLowerCase().startsWith("en") ? "en" : "zh";
}
