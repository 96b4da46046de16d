"""Reviews: which incidents owe one, by when, held or waived."""
