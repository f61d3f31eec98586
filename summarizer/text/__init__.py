"""Analysis of text: sentences, tokens, names, dates, quantities, quotations. Knows no claims."""
