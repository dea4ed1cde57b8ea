// Entries in order of their number, few as a rule, which come and go nearly in order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace callflow::video_receiver {

// Each T has a `number`. Its memory grows to what was needed at most and stays: coming last and
// going first cost nothing.
template <class T>
class NumberedRing {
 public:
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T& operator[](std::size_t index) { return slots_[(begin_ + index) & (slots_.size() - 1)]; }
  const T& operator[](std::size_t index) const {
    return slots_[(begin_ + index) & (slots_.size() - 1)];
  }
  T& front() { return (*this)[0]; }
  const T& front() const { return (*this)[0]; }
  T& back() { return (*this)[size_ - 1]; }
  const T& back() const { return (*this)[size_ - 1]; }

  // How many entries have a number below this.
  std::size_t below(std::int64_t number) const {
    if (empty() || back().number < number) return size_;
    std::size_t low = 0;
    for (std::size_t high = size_; low < high;) {
      const std::size_t middle = (low + high) / 2;
      if ((*this)[middle].number < number)
        low = middle + 1;
      else
        high = middle;
    }
    return low;
  }
  // Null if there is none of this number.
  T* find(std::int64_t number) {
    const std::size_t index = below(number);
    return index < size_ && (*this)[index].number == number ? &(*this)[index] : nullptr;
  }
  // There is none of its number yet.
  T& insert(T entry) {
    if (size_ == slots_.size()) grow();
    const std::size_t index = below(entry.number);
    ++size_;
    for (std::size_t i = size_ - 1; i > index; --i) (*this)[i] = std::move((*this)[i - 1]);
    (*this)[index] = std::move(entry);
    return (*this)[index];
  }
  void erase(std::size_t index) {
    if (index == 0) return eraseFront(1);
    for (std::size_t i = index; i + 1 < size_; ++i) (*this)[i] = std::move((*this)[i + 1]);
    --size_;
  }
  void eraseFront(std::size_t count) {
    if (count == 0) return;
    begin_ = (begin_ + count) & (slots_.size() - 1);
    size_ -= count;
  }
  void clear() { size_ = 0; }

 private:
  void grow() {
    std::vector<T> larger(slots_.empty() ? kFirstSlots : 2 * slots_.size());
    for (std::size_t i = 0; i < size_; ++i) larger[i] = std::move((*this)[i]);
    slots_ = std::move(larger);
    begin_ = 0;
  }

  static constexpr std::size_t kFirstSlots = 8;  // powers of two, so that a mask wraps
  std::vector<T> slots_;
  std::size_t begin_ = 0;
  std::size_t size_ = 0;
};

}  // namespace callflow::video_receiver
