// Package feedstest helps to test what has to do with feeds: a store of states
// in memory, the suite that every such store passes, and a web in memory whose
// servers misbehave in every way that has a name here.
//
// It is for tests only. Nothing in it is kept anywhere.
package feedstest
