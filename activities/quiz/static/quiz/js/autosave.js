// Saves each answer as it is given, says so beside it, and tries again while the network is away.

import { keepPending, pendingAnswers } from "./pending.js";

const FIRST_WAIT = 2000; // milliseconds; doubles with each failure
const LONGEST_WAIT = 30000;
const ANSWER_TIMEOUT = 15000;

const form = document.querySelector("form[data-attempt]");
const attempt = form.dataset.attempt;
const waiting = new Map(Object.entries(pendingAnswers(attempt)));
let isSending = false;
let wait = FIRST_WAIT;
let timer;

form.addEventListener("change", (event) => {
  const question = event.target.closest("[data-question]");
  if (!question) return;
  waiting.set(question.dataset.question, chosenIn(question));
  keep();
  show(question, "saving");
  sendNext();
});
addEventListener("online", sendNext);
restore();
sendNext();

function chosenIn(question) {
  return [...question.querySelectorAll("input:checked")].map((input) => input.value);
}

function restore() {
  for (const [position, options] of waiting) {
    const question = form.querySelector(`[data-question="${position}"]`);
    if (!question) {
      waiting.delete(position);
      continue;
    }
    for (const input of question.querySelectorAll("input")) {
      input.checked = options.includes(input.value);
    }
    show(question, "retrying");
  }
}

async function sendNext() {
  clearTimeout(timer);
  if (isSending || !waiting.size) return;
  isSending = true;
  const [position, options] = waiting.entries().next().value;
  const question = form.querySelector(`[data-question="${position}"]`);
  const reply = await send(question.dataset.url, options);
  isSending = false;
  settle(question, position, options, reply);
}

async function send(url, options) {
  try {
    return await fetch(url, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json",
        "X-CSRFToken": form.elements.csrfmiddlewaretoken.value,
      },
      body: JSON.stringify({ options }),
      signal: AbortSignal.timeout(ANSWER_TIMEOUT),
    });
  } catch {
    return null; // offline, or no reply in time
  }
}

function settle(question, position, options, reply) {
  if (reply?.status === 409) return leaveFor(reply);
  if (reply?.status === 401 || reply?.status === 403) return show(question, "signed-out");
  if (!reply || reply.status >= 500 || reply.status === 429) return retryLater(question);
  wait = FIRST_WAIT;
  if (waiting.get(position) === options) {
    waiting.delete(position);
    keep();
    show(question, reply.ok ? "saved" : "refused");
  }
  sendNext();
}

function retryLater(question) {
  show(question, "retrying");
  timer = setTimeout(sendNext, wait);
  wait = Math.min(wait * 2, LONGEST_WAIT);
}

// Submitted meanwhile, in another tab perhaps.
async function leaveFor(reply) {
  waiting.clear();
  keep();
  const { result } = await reply.json();
  location.assign(result);
}

function keep() {
  keepPending(attempt, Object.fromEntries(waiting));
}

function show(question, state) {
  const sign = question.querySelector("[data-sign]");
  const word = state.replace(/-(\w)/g, (_match, letter) => letter.toUpperCase());
  sign.dataset.state = state;
  sign.textContent = form.dataset[`text${word[0].toUpperCase()}${word.slice(1)}`];
}
