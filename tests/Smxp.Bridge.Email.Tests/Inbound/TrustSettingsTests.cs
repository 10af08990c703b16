using Smxp.Bridge.Email.Inbound.Policy;
using Smxp.Bridge.Email.Inbound.Trust;

namespace Smxp.Bridge.Email.Tests.Inbound;

public sealed class TrustSettingsTests
{
    [Fact]
    public void Names_every_problem_with_its_path()
    {
        var settings = new EmailSettings
        {
            Trust = new TrustSettings
            {
                RejectOn = "spf",
                Quarantine = "drop",
                OnTemporaryError = "reject",
                SkipFor = ["192.0.2.0/24", "here"],
                PublicSuffixList = new Uri("ftp://list.test/"),
                Domains = { ["good.test"] = new TrustRules { RejectOn = "none" }, ["bad.test"] = new TrustRules { Quarantine = "p" } },
            },
            BlockLists = [new BlockListSettings { Zone = "bl.test", Action = "flag" }, new BlockListSettings { Zone = "no zone", Action = "drop" }],
        };
        Assert.Equal(
            [
                "Trust:SkipFor:1", "Trust:PublicSuffixList", "Trust:RejectOn", "Trust:Quarantine", "Trust:OnTemporaryError", "Trust:Domains:bad.test:Quarantine",
                "BlockLists:1:Zone", "BlockLists:1:Action",
            ],
            settings.Validate().Select(static problem => problem.Path));
    }
}
