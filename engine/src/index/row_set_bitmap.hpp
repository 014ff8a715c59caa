// What a RowSet owns.
#pragma once

#include <new>

#include <roaring/roaring.h>

#include "quintile/row_set.hpp"

namespace quintile {

// CRoaring reports a failed allocation as null.
inline roaring_bitmap_t* checked(roaring_bitmap_t* bitmap) {
  if (bitmap == nullptr) {
    throw std::bad_alloc();
  }
  return bitmap;
}

struct RowSet::Bitmap {
  explicit Bitmap(roaring_bitmap_t* bitmap, bool is_owner = true)
      : roaring(checked(bitmap)), owner(is_owner) {}
  ~Bitmap() {
    if (owner) {
      roaring_bitmap_free(roaring);
    }
  }
  Bitmap(const Bitmap&) = delete;
  Bitmap& operator=(const Bitmap&) = delete;
  roaring_bitmap_t* roaring;
  bool owner;
};

}  // namespace quintile
