"use strict";
(() => {
  const all = (selector, from) => Array.from((from || document).querySelectorAll(selector));
  const form = document.querySelector(".filters");
  const findings = all(".finding");
  const texts = new Map(); // by finding, when they are first looked for
  const textOf = (finding) => {
    if (!texts.has(finding)) texts.set(finding, finding.textContent.toLowerCase());
    return texts.get(finding);
  };

  // --- the list ---
  const filter = () => {
    const severities = all("input[name=severity]:checked", form).map((box) => box.value);
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const rule = form.elements.rule.value;
    const repository = form.elements.repository.value;
    let shown = 0;
    for (const finding of findings) {
      const { severity, rule: itsRule, repository: itsRepository } = finding.dataset;
      const fits = severities.includes(severity) &&
        (rule === "" || rule === itsRule) &&
        (repository === "" || repository === itsRepository) &&
        words.every((word) => textOf(finding).includes(word));
      finding.hidden = !fits;
      shown += fits;
    }
    document.getElementById("shown").textContent = `${shown} of ${findings.length} findings are shown`;
  };
  const choices = (name, key) => {
    const select = form.elements[name];
    const values = new Set(findings.map((finding) => finding.dataset[key]).filter(Boolean));
    for (const value of Array.from(values).sort()) {
      const option = document.createElement("option");
      option.value = value;
      option.textContent = value;
      select.append(option);
    }
  };
  if (form && findings.length) {
    choices("rule", "rule");
    choices("repository", "repository");
    form.hidden = false;
    form.addEventListener("input", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(filter));
    document.getElementById("unfold").addEventListener("click", (event) => {
      const proofs = all(".finding:not([hidden]) details");
      const open = !proofs.every((proof) => proof.open);
      for (const proof of proofs) proof.open = open;
      event.target.textContent = open ? "Fold all proofs" : "Unfold all proofs";
    });
    filter();
  }

  // --- paper shows what is folded ---
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all("details:not([open])");
    for (const part of folded) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of folded) part.open = false;
  });

  // --- the graph: what is near the node that is pointed at ---
  for (const svg of all("svg.graph")) {
    const edges = all(".edge", svg);
    const nodes = all(".node", svg);
    const light = (node) => {
      svg.classList.toggle("lit", node !== null);
      for (const part of edges.concat(nodes)) part.classList.remove("near");
      if (!node) return;
      node.classList.add("near");
      for (const edge of edges) {
        const { from, to } = edge.dataset;
        if (from !== node.dataset.node && to !== node.dataset.node) continue;
        edge.classList.add("near");
        for (const other of nodes) {
          if (other.dataset.node === from || other.dataset.node === to) other.classList.add("near");
        }
      }
    };
    for (const node of nodes) {
      node.setAttribute("tabindex", "0");
      node.addEventListener("mouseenter", () => light(node));
      node.addEventListener("mouseleave", () => light(null));
      node.addEventListener("focus", () => light(node));
      node.addEventListener("blur", () => light(null));
    }
  }
})();
