// Filters the index of figures and questions while somebody types. The index is the page: without this script all of it is shown.
(() => {
  const form = document.querySelector("form.search");
  const field = form.querySelector("input");
  const told = form.querySelector("output");
  // Accents and capitals do not matter to those who look for something.
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const entries = [...document.querySelectorAll("[data-words]")].map((element) => ({
    element,
    words: fold(`${element.textContent} ${element.dataset.words}`),
  }));
  const sections = document.querySelectorAll(".found section");

  const filter = () => {
    const wanted = fold(field.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const { element, words } of entries) {
      element.hidden = !wanted.every((word) => words.includes(word));
      if (!element.hidden) found += 1;
    }
    for (const section of sections) {
      section.hidden = !section.querySelector("[data-words]:not([hidden])");
    }
    told.textContent = wanted.length ? told.dataset.found.replace("#", found) : "";
  };

  form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", filter);
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  form.hidden = false;
  filter();
})();
