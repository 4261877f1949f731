// Numbers in words: short on axes (万/亿 in Chinese, k/M in English), exact on hover.
const STEPS = {
  zh: [[1e8, "亿"], [1e4, "万"]],
  en: [[1e9, "bn"], [1e6, "M"], [1e3, "k"]],
};
const SUFFIX = { zh: { days: " 天" }, en: { days: " days" } };

export function language() {
  return document.documentElement.lang.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export function short(value, unit) {
  if (unit === "ratio") {
    return `${trim(value * 100, 1)}%`;
  }
  const step = STEPS[language()].find(([size]) => Math.abs(value) >= size);
  const number = step ? trim(value / step[0], 1) + step[1] : trim(value, 1);
  return unit === "money" ? money(number) : number;
}

// Works on the text that the server sent: turning it into a float first could change the last digits.
export function exact(text, unit) {
  if (unit === "ratio") {
    return `${(Number(text) * 100).toFixed(2)}%`;
  }
  const [, sign, whole, fraction = ""] = /^(-?)(\d+)(\.\d+)?$/.exec(text) || [null, "", String(text)];
  const number = sign + grouped(whole) + fraction;
  return unit === "money" ? money(number) : number + (SUFFIX[language()][unit] || "");
}

function money(number) {
  return number.startsWith("-") ? `-¥${number.slice(1)}` : `¥${number}`;
}

function trim(value, digits) {
  return grouped(String(Number(value.toFixed(digits))));
}

function grouped(text) {
  return text.replace(/\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ","));
}
