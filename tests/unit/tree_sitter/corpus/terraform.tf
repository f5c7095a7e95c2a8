variable "region" {}
resource "aws_vpc" "main" {
  cidr = 1
}
locals {
  zone = 1
}
module "net" {
  source = "./net"
}
output "id" {}
