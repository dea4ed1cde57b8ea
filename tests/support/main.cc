// Catch2 v2 has no library of its own with main(): this is the one place that makes it.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
