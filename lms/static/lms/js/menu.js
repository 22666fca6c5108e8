// An open menu (details.menu) closes by Escape and by a click elsewhere.
const close = (menu, { focus = false } = {}) => {
  menu.open = false;
  if (focus) menu.querySelector("summary").focus();
};

for (const menu of document.querySelectorAll("details.menu")) {
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) close(menu, { focus: true });
  });
  document.addEventListener("click", (event) => {
    if (menu.open && !menu.contains(event.target)) close(menu);
  });
}
