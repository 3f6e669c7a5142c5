// Tables are copied as they stand on the page, for LaTeX (booktabs) and as Markdown.

const LATEX = {
  "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "%": "\\%", "&": "\\&", "#": "\\#",
  "$": "\\$", "_": "\\_", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "|": "$|$",
  "<": "$<$", ">": "$>$", "≤": "$\\leq$", "≥": "$\\geq$", "×": "$\\times$", "±": "$\\pm$",
  "·": "$\\cdot$", "−": "$-$", "–": "--", "…": "\\dots{}", "’": "'", "“": "``", "”": "''",
  "′": "$'$", "²": "$^2$", "α": "$\\alpha$", "κ": "$\\kappa$", "μ": "$\\mu$", "ρ": "$\\rho$",
  "σ": "$\\sigma$", "ω": "$\\omega$", "\u00a0": "~", "\u2009": "\\,",
};
const latex = (text) => text.replace(/./gsu, (sign) => LATEX[sign] ?? sign);
const markdown = (text) => text.replace(/[\\`*_|<~]/g, "\\$&");

function textOf(cell) {
  const under = cell.querySelector("small");
  return under ? `${cell.firstChild.textContent} (${under.textContent})` : cell.textContent;
}

// What spans rows stands in the first of them; cells are missing from the left.
function textsOf(row, length) {
  const texts = [...row.cells].map(textOf);
  return [...Array(length - texts.length).fill(""), ...texts];
}

function tableOf(figure) {
  const [head, ...rows] = figure.querySelectorAll("tr");
  const { length } = head.cells;
  return {
    name: figure.id.replace("table-", ""),
    title: figure.querySelector("figcaption b").textContent.replace(/\.$/, ""),
    headers: textsOf(head, length),
    isNumber: [...head.cells].map((cell) => cell.matches(".number")),
    rows: rows
      .filter((row) => !row.querySelector("[colspan]"))
      .map((row) => ({ begins: row.matches(".group"), texts: textsOf(row, length) })),
    remark: figure.querySelector("[colspan]")?.textContent ?? "",
  };
}

function asLatex({ name, title, headers, isNumber, rows, remark }) {
  const line = (texts) => `${texts.map(latex).join(" & ")} \\\\`;
  return [
    "% \\usepackage{booktabs}",
    "\\begin{table}",
    `\\caption{${latex(title)}}`,
    `\\label{tab:${name}}`,
    `\\begin{tabular}{${isNumber.map((right) => (right ? "r" : "l")).join("")}}`,
    "\\toprule",
    line(headers),
    "\\midrule",
    ...rows.map(({ begins, texts }, i) => (begins && i ? "\\addlinespace\n" : "") + line(texts)),
    ...(remark ? [`% ${remark}`] : []),
    "\\bottomrule",
    "\\end{tabular}",
    "\\end{table}\n",
  ].join("\n");
}

function asMarkdown({ headers, isNumber, rows, remark }) {
  const line = (texts) => `| ${texts.join(" | ")} |`;
  return [
    line(headers.map(markdown)),
    line(isNumber.map((right) => (right ? "--:" : ":--"))),
    ...rows.map(({ texts }) => line(texts.map(markdown))),
    ...(remark ? ["", remark] : []),
    "",
  ].join("\n");
}

// Some browsers give a page that is a file no clipboard.
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

for (const figure of document.querySelectorAll("figure.table")) {
  for (const [name, write] of [["LaTeX", asLatex], ["Markdown", asMarkdown]]) {
    const copy = button([name], async () => {
      const done = await copied(write(tableOf(figure)));
      copy.focus();
      copy.textContent = done ? "copied" : "not copied";
      setTimeout(() => { copy.textContent = name; }, 2000);
    });
    copy.title = `Copy the table as ${name}`;
    copy.setAttribute("aria-live", "polite");
    figure.querySelector(".file").append(" ", copy);
  }
}
