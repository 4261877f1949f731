// Asking the server: plain fetch, and one kind of error for everything that can go wrong.
const UNSAFE = { "Content-Type": "application/json" };

// The shell's banner knows best: it asks the server whether it is there.
export function isOffline() {
  const banner = document.getElementById("offline");
  return !navigator.onLine || Boolean(banner && !banner.hidden);
}

// What went wrong, ready to be said: `status` 0 is no connection; `said` is the server's own sentence.
export class Trouble extends Error {
  constructor(status, problem = {}) {
    super(problem.title || `status ${status}`);
    this.status = status;
    this.said = problem.title || "";
    this.problems = problem.errors || [];
    this.request = problem.request || "";
    this.current = problem.current;
  }

  // The sentence about one field, or the whole refusal.
  about(field) {
    const found = this.problems.find((one) => one.field === field);
    return (found && found.problem) || this.said;
  }
}

export function page(source, query, signal) {
  return ask(`${source}?${query}`, { signal });
}

export function summary(source, query, signal) {
  return ask(`${source}/summary?${query}`, { signal });
}

export function change(source, item, values) {
  const headers = { "If-Match": `"${item.version}"` };
  return ask(`${source}/${item.id}`, { method: "PATCH", headers, body: JSON.stringify(values) });
}

export function changeMany(source, changes) {
  return ask(`${source}/bulk`, { method: "POST", body: JSON.stringify({ changes }) });
}

async function ask(url, { headers = {}, ...options }) {
  const safe = !options.method;
  const own = safe ? {} : { ...UNSAFE, "X-CSRFToken": token() };
  let answer;
  try {
    answer = await fetch(url, { ...options, headers: { Accept: "application/json", ...own, ...headers } });
  } catch (error) {
    if (error.name === "AbortError") {
      throw error;
    }
    document.dispatchEvent(new CustomEvent("tw:offline"));
    throw new Trouble(0);
  }
  const isJson = (answer.headers.get("Content-Type") || "").includes("json");
  const body = isJson ? await answer.json() : {};
  if (answer.ok && isJson) {
    return body;
  }
  const request = body.request || answer.headers.get("X-Request-Id") || "";
  // An answer that is no JSON is a page, most likely the sign-in.
  throw new Trouble(answer.ok ? 401 : answer.status, { ...body, request });
}

function token() {
  const found = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
  return found ? decodeURIComponent(found[1]) : "";
}
