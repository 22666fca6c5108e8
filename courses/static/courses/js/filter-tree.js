// Narrows a tree of checkboxes to what is typed, marks or no marks: [data-filter-tree] names the tree.
// Branches with a match open; with nothing typed all is as it was. What is ticked is never hidden.
const folded = (text) =>
  text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "").trim();

const ownText = (item) => folded(item.querySelector(":scope > label").textContent);
const isTicked = (item) => item.querySelector(":scope > label input").checked;

const narrow = (item, words, isBelowMatch) => {
  const text = ownText(item);
  const matches = isBelowMatch || words.every((word) => text.includes(word));
  const below = [...item.querySelectorAll(":scope > details > ul > li")];
  const found = below.map((child) => narrow(child, words, matches)).some(Boolean);
  const branch = item.querySelector(":scope > details");
  if (branch) branch.open = found && !matches;
  item.hidden = !(matches || found || isTicked(item));
  return matches || found;
};

const restore = (tree) => {
  for (const item of tree.querySelectorAll("li")) item.hidden = false;
  for (const branch of tree.querySelectorAll("details")) branch.open = branch.dataset.open === "true";
};

for (const input of document.querySelectorAll("[data-filter-tree]")) {
  const tree = document.getElementById(input.dataset.filterTree);
  const none = document.getElementById(input.dataset.filterNone);
  for (const branch of tree.querySelectorAll("details")) branch.dataset.open = String(branch.open);
  input.closest("[hidden]").hidden = false;
  input.addEventListener("input", () => {
    const words = folded(input.value).split(/\s+/u).filter(Boolean);
    if (!words.length) restore(tree);
    const found = [...tree.querySelectorAll(":scope > ul > li")]
      .map((item) => !words.length || narrow(item, words, false))
      .some(Boolean);
    none.hidden = found;
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}
