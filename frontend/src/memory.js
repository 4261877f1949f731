// What this browser remembers about looks. Private windows may refuse storage: then nothing is remembered.
export function recall(key) {
  try {
    return localStorage.getItem(`tradewind.${key}`);
  } catch {
    return null;
  }
}

export function remember(key, value) {
  try {
    localStorage.setItem(`tradewind.${key}`, value);
  } catch {
    // Forgetting a preference is no error worth telling.
  }
}
