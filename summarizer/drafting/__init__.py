"""Writing sections: evidence pack, prompts, response schema, extractive drafter."""
