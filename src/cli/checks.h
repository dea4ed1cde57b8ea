// Checks of option values, whose complaints read like those about files.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace callflow::cli {

// `"csv" is not one of text, json`, with the name that may have been meant.
CLI::Validator oneOf(std::vector<std::string> names);

// `"1.5" is not a whole number from 1 to 10000`
CLI::Validator wholeNumber(std::int64_t least, std::int64_t most);

// `"abc" is not a whole number from 0 to 18446744073709551615`: any seed.
CLI::Validator wholeNumber();

// `"abc" is not a number`
CLI::Validator number();

// `"0.95" is not a number from 50 to 99.99`; both ends are printed as given.
CLI::Validator numberBetween(double least, double most);

}  // namespace callflow::cli
