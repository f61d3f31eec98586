"""Parts of this product in the forms that other frameworks expect."""
