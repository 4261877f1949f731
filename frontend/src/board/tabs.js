// On a phone one column fills the screen: the tabs above name them all and follow the finger.
import { columnsOf } from "./index.js";

export function startTabs(board) {
  board.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-tab]");
    if (tab) {
      event.preventDefault();
      document.getElementById(`stage-${tab.dataset.tab}`).scrollIntoView({ inline: "start", block: "nearest" });
    }
  });
  board.addEventListener("scroll", (event) => {
    if (event.target.matches("[data-columns]")) {
      mark(board, event.target);
    }
  }, true);
}

function mark(board, scroller) {
  const left = scroller.getBoundingClientRect().left;
  const near = columnsOf(board).reduce((best, column) => {
    const distance = Math.abs(column.getBoundingClientRect().left - left);
    return !best || distance < best.distance ? { column, distance } : best;
  }, null);
  for (const tab of board.querySelectorAll("[data-tab]")) {
    const isHere = tab.dataset.tab === near.column.dataset.column;
    if (isHere !== tab.hasAttribute("aria-current")) {
      tab.toggleAttribute("aria-current", isHere);
      if (isHere) {
        tab.setAttribute("aria-current", "true");
        tab.scrollIntoView({ inline: "nearest", block: "nearest" });
      }
    }
  }
}
