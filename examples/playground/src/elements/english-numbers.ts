// To be imported before uPlot, which writes numbers as the language of the browser does: the page is in English, and
// for a name of a language that Intl does not know, as a browser of a bare Linux has one, uPlot would fail to load.
Object.defineProperty(navigator, 'language', { value: 'en' })
