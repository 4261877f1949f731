// Where live news come from: one stream for all pages of this browser, or else a look every 30 seconds.
const POLL_MS = 30000;
const FIRST_AGAIN_MS = 1000;
const LATEST_AGAIN_MS = 60000;
const EVERYTHING = "*";

// What one page knows: since when it has heard everything, and whether somebody listens for it.
class Hearing {
  constructor({ liveSince, person }, { hear, isWanted }) {
    this.since = Number(liveSince);
    this.name = `tradewind.live.${person}`;
    this.isHeard = false;
    this.hear = hear;
    this.isWanted = isWanted;
  }

  take({ isHeard, id, resources }) {
    this.isHeard = isHeard;
    this.since = Math.max(this.since, id);
    if (resources.length) {
      this.hear(resources);
    }
  }
}

export function listen(page) {
  const { liveUrl, liveSince } = document.body.dataset;
  if (liveSince === undefined) {
    return; // before the door
  }
  const hearing = new Hearing(document.body.dataset, page);
  setInterval(() => {
    if (!hearing.isHeard && !document.hidden && hearing.isWanted()) {
      hearing.hear([EVERYTHING]);
    }
  }, POLL_MS);
  if (liveUrl && hearing.isWanted()) {
    share(liveUrl, hearing);
  }
}

// Browsers open few connections to one place: the page that holds the lock listens for all the others.
function share(url, hearing) {
  if (!navigator.locks || !window.BroadcastChannel) {
    connect(url, hearing, () => {});
    return;
  }
  const channel = new BroadcastChannel(hearing.name);
  channel.onmessage = ({ data }) => data.asks || hearing.take(data);
  channel.postMessage({ asks: hearing.since }); // it may have missed news while it was loading
  navigator.locks.request(hearing.name, () => new Promise(() => {
    const changed = new Map();
    const tell = (told) => {
      told.resources.forEach((resource) => changed.set(resource, told.id));
      channel.postMessage(told);
    };
    channel.onmessage = ({ data }) => {
      if (data.asks) {
        const resources = [...changed.keys()].filter((resource) => changed.get(resource) >= data.asks);
        channel.postMessage({ isHeard: hearing.isHeard, id: 0, resources });
      }
    };
    connect(url, hearing, tell);
  }));
}

function connect(url, hearing, tell, pause = FIRST_AGAIN_MS) {
  const source = new EventSource(`${url}?since=${hearing.since}`, { withCredentials: true });
  let wait = pause;
  const pass = (isHeard, id = 0, resources = []) => {
    const told = { isHeard, id, resources };
    hearing.take(told);
    tell(told);
  };
  source.onopen = () => {
    wait = FIRST_AGAIN_MS;
    pass(true);
  };
  source.onmessage = ({ data, lastEventId }) => pass(true, Number(lastEventId), data.split(" "));
  source.onerror = () => {
    source.close();
    pass(false);
    const next = Math.min(wait * 2, LATEST_AGAIN_MS);
    setTimeout(() => connect(url, hearing, tell, next), wait * (1 + Math.random()));
  };
}
