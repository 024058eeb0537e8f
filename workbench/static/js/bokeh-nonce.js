// BokehJS makes <style> elements in shadow roots and knows no nonce. The security policy wants one on each,
// so every <style> that is created gets the nonce of the page. Must run before bokeh.min.js.
(() => {
  const nonce = document.querySelector("meta[name=csp-nonce]").content;
  const create = Document.prototype.createElement;
  Document.prototype.createElement = function (name, ...rest) {
    const element = create.call(this, name, ...rest);
    if (String(name).toLowerCase() === "style") {
      element.nonce = nonce;
    }
    return element;
  };
})();
