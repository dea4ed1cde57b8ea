#include "src/results/compressed.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>

#include "src/results/result.h"

namespace callflow::results {

namespace {

// gzip's header and trailer, not zlib's own.
constexpr int kGzipWindow = 15 + 16;
// zlib's fastest: tables shrink to a fifth at any level, and writing is to cost little.
constexpr int kLevel = 1;
constexpr int kMemory = 9;
constexpr std::size_t kPiece = 256 * 1024;
// zlib counts in 32 bits.
constexpr std::size_t kMostInput = std::numeric_limits<uInt>::max() / 2;

Bytef* bytesOf(std::string_view text) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // zlib does not write there
}

}  // namespace

std::string compressed(std::string_view text) {
  z_stream stream{};
  if (deflateInit2(&stream, kLevel, Z_DEFLATED, kGzipWindow, kMemory, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("zlib cannot be started");
  std::string out;
  int state = Z_OK;
  while (state != Z_STREAM_END) {
    if (stream.avail_in == 0) {
      const std::size_t taken = std::min(text.size(), kMostInput);
      stream.next_in = bytesOf(text);
      stream.avail_in = static_cast<uInt>(taken);
      text.remove_prefix(taken);
    }
    const std::size_t had = out.size();
    out.resize(had + kPiece);
    stream.next_out = bytesOf(std::string_view(out).substr(had));
    stream.avail_out = static_cast<uInt>(kPiece);
    state = deflate(&stream, text.empty() ? Z_FINISH : Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
  }
  deflateEnd(&stream);
  return out;
}

std::string uncompressed(std::string_view bytes, const std::filesystem::path& file) {
  z_stream stream{};
  if (inflateInit2(&stream, kGzipWindow) != Z_OK)
    throw std::runtime_error("zlib cannot be started");
  std::string out;
  int state = Z_OK;
  while (state == Z_OK) {
    if (stream.avail_in == 0) {
      const std::size_t taken = std::min(bytes.size(), kMostInput);
      stream.next_in = bytesOf(bytes);
      stream.avail_in = static_cast<uInt>(taken);
      bytes.remove_prefix(taken);
    }
    const std::size_t had = out.size();
    out.resize(had + std::max(kPiece, had / 2));
    stream.next_out = bytesOf(std::string_view(out).substr(had));
    const auto room = static_cast<uInt>(std::min(out.size() - had, kMostInput));
    stream.avail_out = room;
    state = inflate(&stream, Z_NO_FLUSH);
    out.resize(had + room - stream.avail_out);
  }
  inflateEnd(&stream);
  if (state != Z_STREAM_END || stream.avail_in > 0 || !bytes.empty())
    throw ResultError(file.string() + ": is not the gzip file that it should be");
  return out;
}

}  // namespace callflow::results
