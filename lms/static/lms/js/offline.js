// Says when the connection is gone and when it is back: [data-offline].
const sign = document.querySelector("[data-offline]");
const show = () => { sign.hidden = navigator.onLine; };

addEventListener("online", show);
addEventListener("offline", show);
show();
