// On a phone the rooms of a manager don't fit in one line: bring the one she is in into sight.
const current = document.querySelector(".sections [aria-current]");
const line = current?.closest("ul");
if (line) {
  line.scrollLeft = current.offsetLeft - (line.clientWidth - current.offsetWidth) / 2;
}
