"""Templates of messages: Liquid and MJML, snippets, languages, variants, versions."""
