package Acme::User;
use constant LIMIT => 1;
our $total = 1;
sub full_name { }
my $helper = sub { 1 };
1;
