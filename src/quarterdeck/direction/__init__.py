"""Looking ahead: what a draft of the plan would have meant for the incidents that are on record."""
