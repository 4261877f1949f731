// Coming back from a record leads to the row one left: its place is kept in this tab, by address.
const KEY = "tradewind.place";

export function keepPlace(list) {
  addEventListener("pagehide", () => {
    const place = {
      address: location.href,
      count: list.rows.items.length,
      top: list.table ? list.holder.scrollTop : scrollY,
      id: list.cursor?.id,
      name: list.cursor?.name,
    };
    try {
      sessionStorage.setItem(KEY, JSON.stringify(place));
    } catch {
      // Then one comes back to the first row.
    }
  });
}

// Only for the way back: who follows a link to a list begins at its top.
export function formerPlace() {
  const [navigation] = performance.getEntriesByType("navigation");
  if (!navigation || navigation.type !== "back_forward") {
    return null;
  }
  try {
    const place = JSON.parse(sessionStorage.getItem(KEY));
    return place && place.address === location.href ? place : null;
  } catch {
    return null;
  }
}

export function goBackTo(list, { top, id, name }) {
  // Once what came is drawn.
  requestAnimationFrame(() => {
    if (!list.table) {
      scrollTo(0, top);
      return;
    }
    list.holder.scrollTop = top;
    if (list.rows.byId.has(id)) {
      list.cursor.to(id, name);
    }
  });
}
