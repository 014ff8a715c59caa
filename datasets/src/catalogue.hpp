// What the shop sells. Products have a category and a list price; both are chosen by power laws, so
// that a few sell all the time and most hardly ever.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "random.hpp"

namespace quintile::datasets {

using Cents = std::int64_t;

struct Product {
  std::string id;  // "P00042"
  std::uint32_t category = 0;
  Cents price = 0;
};

class Catalogue {
 public:
  // Categories that are chosen from; postage and samples come after them.
  static constexpr std::uint32_t kCategories = 24;
  // Index of the product that stands for the delivery, and of the free sample.
  static constexpr std::uint32_t kPostage = 0;
  static constexpr std::uint32_t kSample = 1;
  static constexpr Cents kPostagePrice = 499;
  static constexpr Cents kFreeDeliveryFrom = 4'000;

  explicit Catalogue(std::uint64_t seed);

  [[nodiscard]] const Product& product(std::uint32_t index) const noexcept {
    return products_[index];
  }
  [[nodiscard]] std::uint32_t product_count() const noexcept {
    return static_cast<std::uint32_t>(products_.size());
  }
  [[nodiscard]] std::string_view category_name(std::uint32_t category) const noexcept;
  // What people type when they look for something of the category.
  [[nodiscard]] std::string_view search_phrase(std::uint32_t category,
                                               Random& random) const noexcept;

  [[nodiscard]] std::uint32_t pick_category(Random& random) const noexcept {
    return categories_.pick(random);
  }
  // A product of the category whose price is of the order of `price`.
  [[nodiscard]] std::uint32_t pick_product(std::uint32_t category, Cents price,
                                           Random& random) const noexcept;

 private:
  static constexpr std::uint32_t kBands = 8;  // of prices, each twice as dear as the one before
  static constexpr std::uint32_t kProductsPerBand = 32;
  static constexpr Cents kLowestPrice = 200;

  std::vector<Product> products_;
  WeightedChoice categories_;
  WeightedChoice within_band_;
};

}  // namespace quintile::datasets
