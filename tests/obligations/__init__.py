"""Legal clocks: periods, packs and standings by rule; the doors on both stores; one journey under a virtual clock."""
