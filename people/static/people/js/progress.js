// Work that goes on elsewhere ([data-progress] holds the address that tells how far it is): shows
// it here until it is over, then the page anew. Without scripts the page asks for itself again.
const EVERY = 1500; // ms
const LONGEST = 15_000;

const show = (place, told) => {
  const bar = place.querySelector("progress");
  if (told.percent === null) bar.removeAttribute("value");
  else bar.value = told.percent;
  place.querySelector("[data-progress-text]").textContent = told.text;
  const said = place.querySelector("[role=status]");
  if (said.textContent !== told.said) said.textContent = told.said; // read out, so only when it is news
};

const follow = async (place, wait) => {
  let next = Math.min(wait * 2, LONGEST); // no answer: the network or the server may be back later
  try {
    const answer = await fetch(place.dataset.progress, { headers: { Accept: "application/json" } });
    if (answer.redirected || (answer.status >= 400 && answer.status < 500)) {
      location.reload(); // signed out, or not hers any more: the page says so
      return;
    }
    if (answer.ok) {
      const told = await answer.json();
      if (told.is_over) {
        location.reload();
        return;
      }
      show(place, told);
      next = EVERY;
    }
  } catch {
    // Offline: what runs, runs on; ask again.
  }
  setTimeout(follow, next, place, next);
};

for (const place of document.querySelectorAll("[data-progress]")) {
  setTimeout(follow, EVERY, place, EVERY);
}
