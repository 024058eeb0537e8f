// Draws a figure with BokehJS when it comes into view. Until then, and when anything fails, the drawing that the
// server made stands there: nobody needs this script to read a figure.
(() => {
  const { bokeh, locale } = document.currentScript.dataset;
  const charts = document.querySelectorAll(".figure-chart[data-src]");

  const load = (address) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.addEventListener("load", resolve);
      script.addEventListener("error", reject);
      document.head.append(script);
    });

  let ready;
  const prepare = () => (ready ??= load(bokeh).then(() => load(locale)));

  const draw = async (chart) => {
    const [answer] = await Promise.all([fetch(chart.dataset.src, { credentials: "same-origin" }), prepare()]);
    if (!answer.ok) {
      return;
    }
    const place = document.createElement("div");
    place.id = `${chart.id}-bokeh`;
    place.setAttribute("role", "img");
    place.setAttribute("aria-label", chart.querySelector(".figure-svg").getAttribute("aria-label"));
    chart.append(place);
    await Bokeh.embed.embed_item((await answer.json()).bokeh, place.id);
    // The canvas has nothing for the keyboard; the table has.
    const quiet = (root) => {
      for (const element of root.querySelectorAll("*")) {
        if (element.tabIndex >= 0) {
          element.tabIndex = -1;
        }
        if (element.shadowRoot) {
          quiet(element.shadowRoot);
        }
      }
    };
    quiet(place);
    chart.querySelector(".figure-svg").hidden = true;
    chart.closest("figure").dataset.drawn = "true";
  };

  const seen = new IntersectionObserver(
    (entries) => {
      for (const entry of entries.filter((one) => one.isIntersecting)) {
        seen.unobserve(entry.target);
        draw(entry.target).catch(() => entry.target.querySelector(`#${CSS.escape(entry.target.id)}-bokeh`)?.remove());
      }
    },
    { rootMargin: "400px" },
  );
  for (const chart of charts) {
    seen.observe(chart);
  }
})();
