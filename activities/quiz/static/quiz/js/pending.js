// Answers that the server has not confirmed yet, kept on this device until it has. They are kept by
// attempt: the page of an attempt opens for its own learner only, so nobody else can send them.

const name = (attempt) => `quiz-pending:${attempt}`;

export function pendingAnswers(attempt) {
  try {
    return JSON.parse(localStorage.getItem(name(attempt))) ?? {};
  } catch {
    return {}; // storage is switched off, or holds something else
  }
}

export function keepPending(attempt, answers) {
  try {
    if (Object.keys(answers).length) {
      localStorage.setItem(name(attempt), JSON.stringify(answers));
    } else {
      localStorage.removeItem(name(attempt));
    }
  } catch {
    // Without storage the answers wait in the page only.
  }
}
