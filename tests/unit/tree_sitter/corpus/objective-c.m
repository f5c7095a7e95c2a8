#import "Person.h"
@interface Person : NSObject
@property (nonatomic) NSString *name;
- (void)sayHello;
@end
@protocol Speaker
- (void)speak:(int)x to:(int)y;
@end
@implementation Person
- (void)sayHello { }
+ (instancetype)make { return nil; }
@end
@interface Person (Sorting)
@end
int helper(void) { return 1; }
