package store_test

const crashingRole = "HERALD_TEST_CRASHING"

func crashing() int { return 1 }
