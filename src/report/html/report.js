"use strict";
// Sorts the table of results by a column.
const table = document.querySelector("#table");
const body = table.tBodies[0];
const rows = Array.from(body.rows);
const key = (row, column) => row.cells[column].dataset.value ?? row.cells[column].textContent;
const compare = (a, b) => {
  if (a === b) return 0;
  if (a === "") return 1;
  if (b === "") return -1;
  const difference = Number(a) - Number(b);
  return Number.isNaN(difference) ? a.localeCompare(b, "en", { numeric: true }) : difference;
};
table.querySelectorAll("th button").forEach((button, column) => {
  button.addEventListener("click", () => {
    const head = button.closest("th");
    const descending = head.getAttribute("aria-sort") === "ascending";
    table.querySelectorAll("th").forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", descending ? "descending" : "ascending");
    const sorted = rows.map((row) => [key(row, column), row]);
    // Empty cells stay last in both directions.
    sorted.sort(([a], [b]) => (descending && a !== "" && b !== "" ? compare(b, a) : compare(a, b)));
    body.append(...sorted.map(([, row]) => row));
  });
});
