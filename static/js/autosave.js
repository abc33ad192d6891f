// Small enhancements for every page.
