// Numbers as text. They come from the server as exact strings and stay so: a float could change their last digit.
const SCALES = { 千: 3, 万: 4, 亿: 8, k: 3, m: 6 };

// "1234567.5" as "1,234,567.5", with a real minus sign.
export function grouped(text) {
  const [, sign, whole, fraction = ""] = /^(-?)(\d+)(\.\d+)?$/.exec(text) || [];
  if (whole === undefined) {
    return String(text);
  }
  return (sign ? "−" : "") + whole.replace(/\B(?=(\d{3})+$)/g, ",") + fraction;
}

export function money(text, symbol) {
  const number = grouped(text);
  return number.startsWith("−") ? `−${symbol}${number.slice(1)}` : symbol + number;
}

// A fraction as a percentage with so many decimals, half up: "0.125" is "12.5%" with one.
export function percent(text, places = 1) {
  const [whole, fraction = ""] = rounded(shifted(text, 2), places).split(".");
  return `${grouped(whole)}${places ? "." : ""}${fraction.padEnd(places, "0")}%`;
}

// The decimal point moved: shifted("0.125", 2) is "12.5", shifted("12.5", -2) is "0.125".
export function shifted(text, places) {
  const [, sign, whole, fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  const digits = places >= 0 ? whole + fraction.padEnd(places, "0") : "0".repeat(-places) + whole + fraction;
  const point = places >= 0 ? whole.length + places : whole.length;
  return sign + tidy(`${digits.slice(0, point)}.${digits.slice(point)}`);
}

// Half up, away from zero, to at most so many decimals.
export function rounded(text, decimals) {
  const [, sign, whole, fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (fraction.length <= decimals) {
    return text;
  }
  const up = fraction[decimals] >= "5" ? 1n : 0n;
  const digits = String(BigInt(whole + fraction.slice(0, decimals)) + up).padStart(decimals + 1, "0");
  return sign + tidy(`${digits.slice(0, digits.length - decimals)}.${digits.slice(digits.length - decimals)}`);
}

// What somebody typed as an exact number, or null: "1,200", "１２００", "¥1 200.50", "3.5万", "(120)" is none.
export function parsed(typed) {
  const plain = typed.normalize("NFKC").replace(/[\s,，_¥$€£]/g, "").replace(/^[−–]/, "-").toLowerCase();
  const [, number, scale] = /^([-+]?\d*\.?\d*)([千万亿km]?)$/.exec(plain) || [];
  if (!number || !/\d/.test(number)) {
    return null;
  }
  const [, sign, whole, fraction] = /^([-+]?)(\d*)\.?(\d*)$/.exec(number);
  const text = (sign === "-" ? "-" : "") + tidy(`${whole || "0"}.${fraction}`);
  return scale ? shifted(text, SCALES[scale]) : text;
}

// At least so many decimals, so that a column of money stands in line.
export function padded(text, places = 0) {
  return decimals(text) < places ? `${text}${text.includes(".") ? "" : "."}${"0".repeat(places - decimals(text))}` : text;
}

// -1, 0 or 1, exact.
export function compared(left, right) {
  const places = Math.max(decimals(left), decimals(right));
  const difference = asInteger(left, places) - asInteger(right, places);
  return difference < 0n ? -1 : Number(difference > 0n);
}

export function decimals(text) {
  return (text.split(".")[1] || "").length;
}

function asInteger(text, places) {
  return BigInt(text.replace(".", "") + "0".repeat(places - decimals(text)));
}

// No zeros in front, no point at the end. "-0" is "0".
function tidy(text) {
  const [whole, fraction] = text.split(".");
  const number = whole.replace(/^0+(?=\d)/, "") || "0";
  return fraction ? `${number}.${fraction}` : number;
}
