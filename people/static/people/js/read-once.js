// A page that answered a form and can't be had again ([data-read-once]): loaded anew, the browser goes
// to the address given there instead of sending the form a second time.
history.replaceState(null, "", document.querySelector("[data-read-once]").dataset.readOnce);
