// Amounts as whole hundredths, so that sums in the browser are as exact as the server's.
const NUMBER = /^(\d{1,13})(?:\.(\d{0,8}))?$/;
const TEN_THOUSANDS = { 万: 10000n, 亿: 100000000n };

// What somebody typed, such as "12,000.5" or "1.2万"; null for anything that is not 0 or more.
export function parsed(text) {
  const typed = text.trim().replace(/[,，\s¥￥]/g, "").replace(/[０-９．]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
  const factor = TEN_THOUSANDS[typed.slice(-1)];
  const found = NUMBER.exec(factor ? typed.slice(0, -1) : typed);
  if (!found) {
    return null;
  }
  const [, whole, rest = ""] = found;
  const scale = 10n ** BigInt(rest.length);
  const value = BigInt(whole + rest) * 100n * (factor || 1n);
  return value % scale ? null : value / scale;
}

// The server's exact text, such as "-12000.50", as hundredths.
export function exact(text) {
  const [whole, rest = ""] = text.replace("-", "").split(".");
  const value = BigInt(whole) * 100n + BigInt(rest.slice(0, 2).padEnd(2, "0"));
  return text.startsWith("-") ? -value : value;
}

export function written(value) {
  const digits = String(value < 0n ? -value : value).padStart(3, "0");
  return `${value < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

// As the page writes it: 12,000, or 12,000.50 where there is something behind the point.
export function shown(value) {
  const [whole, rest] = written(value).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return rest === "00" ? grouped : `${grouped}.${rest}`;
}
