// A tree of <details>: arrow keys walk it and fold it, two buttons fold all of it.
function folds(tree) {
  return [...tree.querySelectorAll("details")];
}

function lines(tree) {
  return [...tree.querySelectorAll("summary.tree-row, .tree-leaf a:first-of-type")].filter((line) => line.offsetParent);
}

function walk(event) {
  const tree = event.target.closest && event.target.closest(".tree");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!tree) {
    return;
  }
  if (step) {
    const all = lines(tree);
    const here = event.target.closest("summary") || event.target;
    const next = all[all.indexOf(here) + step];
    if (next) {
      next.focus();
    }
    event.preventDefault();
  } else if ((event.key === "ArrowRight" || event.key === "ArrowLeft") && event.target.matches("summary")) {
    event.target.parentElement.open = event.key === "ArrowRight";
    event.preventDefault();
  }
}

export function startTree() {
  document.addEventListener("keydown", walk);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-unfold]");
    const tree = button && document.getElementById("tree");
    if (tree) {
      folds(tree).forEach((fold) => {
        fold.open = button.dataset.unfold === "open";
      });
    }
  });
}
