// Numbers on axes in the language of the page. BokehJS 3.9 ignores `language`, and formatters with code of their
// own are refused by the security policy. Years (BasicTickFormatter) get no thousands separator.
(() => {
  const model = (name) => (Bokeh.Models.get ? Bokeh.Models.get(name) : Bokeh.Models(name));
  const locale = document.documentElement.lang === "en" ? "en-GB" : "nl-NL";
  const writer = (options) => {
    const format = new Intl.NumberFormat(locale, options);
    return (number) => format.format(number).replace("-", "\u2212");
  };
  model("NumeralTickFormatter").prototype.doFormat = function (ticks) {
    const decimals = (/\.(0+)/.exec(this.format || "") || ["", ""])[1].length;
    const style = /%/.test(this.format || "") ? "percent" : "decimal";
    return ticks.map(writer({ minimumFractionDigits: decimals, maximumFractionDigits: decimals, style }));
  };
  model("BasicTickFormatter").prototype.doFormat = function (ticks) {
    return ticks.map(writer({ maximumFractionDigits: 6, useGrouping: false }));
  };
})();
