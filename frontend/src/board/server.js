// One call to the API: what came of it, or the problem in the reader's words.
import { words } from "../messages.js";

export function token() {
  const found = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
  return found ? found[1] : "";
}

export async function call(board, path, version, body = {}) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token(), "If-Match": `"${version}"` };
  try {
    const answer = await fetch(board.dataset.api + path, { method: "POST", headers, body: JSON.stringify(body) });
    const said = await answer.json();
    return answer.ok ? { ok: true, deal: said } : { ok: false, problem: said.title };
  } catch {
    return { ok: false, problem: words("offline") };
  }
}
