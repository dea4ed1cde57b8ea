// Files of a result that are large are kept as gzip (RFC 1952), which every tool reads: `zcat`,
// pandas, R. Readers here meet the text.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace callflow::results {

// Behind the name of a compressed file.
inline constexpr std::string_view kCompressedSuffix = ".gz";

// Smaller files are left readable as they are: a block on the disk is 4 KiB, and what somebody
// opens by hand is a short call.
inline constexpr std::size_t kCompressedFrom = 64 * 1024;

// The same text gives the same bytes with the same zlib: neither time nor name is in them.
std::string compressed(std::string_view text);
// Throws ResultError, with the name of the file, if it is no gzip or is cut.
std::string uncompressed(std::string_view bytes, const std::filesystem::path& file);

}  // namespace callflow::results
