// The attempt is submitted: nothing of it waits on this device any more.

import { keepPending } from "./pending.js";

keepPending(document.querySelector("[data-forget]").dataset.forget, {});
