// On a phone the rooms of a manager don't fit in one line: bring the one she is in into sight, again
// when the phone is turned or the font arrives.
const current = document.querySelector(".sections [aria-current]");
const line = current?.closest("ul");
if (line) {
  const seen = new ResizeObserver(() => {
    line.scrollLeft = current.offsetLeft - (line.clientWidth - current.offsetWidth) / 2;
  });
  seen.observe(line);
  seen.observe(current);
}
