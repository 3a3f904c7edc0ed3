"use strict";
(() => {
  const fold = (text) =>
    text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐÐ]/g, "d").toLowerCase().replace(/\s+/g, " ").trim();
  const order = new Intl.Collator(document.documentElement.lang, { numeric: true });

  // Sorting: by a column's head, inside each group; totals stay where they are.
  const valueOf = (row, index) => {
    const cell = row.cells[index];
    return cell.dataset.v !== undefined ? Number(cell.dataset.v) : cell.textContent.trim();
  };
  const compare = (a, b) => {
    const numbers = [a, b].filter((value) => typeof value === "number").length;
    return numbers === 2 ? a - b : numbers === 0 ? order.compare(a, b) : 0;
  };
  const isMissing = (value) => value === "–" || value === "";
  const sort = (table, index, direction) => {
    for (const body of table.tBodies) {
      const rows = [...body.rows].filter((row) => row.classList.contains("unit"));
      const values = new Map(rows.map((row) => [row, valueOf(row, index)]));
      const isNumeric = [...values.values()].some((value) => typeof value === "number");
      const last = (row) => isMissing(values.get(row)) || (isNumeric && typeof values.get(row) === "string");
      rows.sort((a, b) => last(a) - last(b) || (last(a) ? 0 : direction * compare(values.get(a), values.get(b))));
      const after = rows.length ? [...body.rows].find((row) => /subtotal|total/.test(row.className)) : null;
      for (const row of rows) body.insertBefore(row, after || null);
    }
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    for (const [index, head] of heads.entries()) {
      if (head.classList.contains("k-series")) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const direction = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
        sort(table, index, direction);
      });
    }
  }

  // Search and filter: only over the ranking; totals would mislead beside a part of the units.
  const form = document.querySelector("form.search");
  if (!form) return;
  const table = form.closest(".block").querySelector("table");
  const status = form.querySelector(".found");
  const gradeOf = (row) => row.querySelector(".k-grade").textContent.trim();
  const bodies = [...table.tBodies].map((body) => ({
    body,
    units: [...body.rows]
      .filter((row) => row.classList.contains("unit"))
      .map((row) => ({ row, name: fold(row.querySelector("th").textContent), grade: gradeOf(row) })),
  }));
  const grades = new Set(bodies.flatMap(({ units }) => units.map((unit) => unit.grade)));
  for (const grade of grades) form.elements.grade.add(new Option(grade, grade));
  const update = () => {
    const words = fold(form.elements.text.value).split(" ").filter(Boolean);
    const { group, grade } = { group: form.elements.group.value, grade: form.elements.grade.value };
    const isPart = words.length > 0 || group !== "" || grade !== "";
    let shown = 0;
    let all = 0;
    for (const [index, { body, units }] of bodies.entries()) {
      let inBody = 0;
      for (const unit of units) {
        const fits =
          words.every((word) => unit.name.includes(word)) &&
          (group === "" || Number(group) === index) &&
          (grade === "" || unit.grade === grade);
        unit.row.hidden = !fits;
        inBody += fits;
      }
      shown += inBody;
      all += units.length;
      for (const row of body.rows) {
        if (/subtotal|total/.test(row.className)) row.hidden = isPart;
        if (row.classList.contains("group")) row.hidden = inBody === 0;
      }
    }
    const text = status.dataset.found.replace("{shown}", shown).replace("{all}", all);
    status.textContent = isPart ? text : "";
  };
  form.addEventListener("input", update);
  form.addEventListener("reset", () => setTimeout(update));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
})();
