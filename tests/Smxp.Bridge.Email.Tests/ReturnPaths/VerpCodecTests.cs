using CsCheck;
using Smxp.Bridge.Email.Relay;
using Smxp.Bridge.Email.ReturnPaths;

namespace Smxp.Bridge.Email.Tests.ReturnPaths;

public sealed class VerpCodecTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly VerpCodec Ours = new(new LocalPartSeal([1, 2, 3, 4]));
    private static readonly VerpCodec Theirs = new(new LocalPartSeal([9, 9, 9, 9]));

    private static readonly Gen<string> Names = Gen.Char["0123456789abcdef"].Array[VerpCodec.NameLength].Select(static letters => new string(letters));

    [Fact]
    public void What_was_given_out_is_known_again_in_letters_of_any_case() => Names.Sample(static name =>
    {
        string local = Ours.Write(name, "example.test", Now);
        return local.Length <= 64 && VerpCodec.IsReturnPath(local) && Ours.Read(local.ToUpperInvariant(), "example.test", Now) == (name, LocalPartSeal.Number(Now));
    });

    [Fact]
    public void What_somebody_else_made_or_another_domain_has_is_not() => Names.Sample(static name =>
        Ours.Read(Theirs.Write(name, "example.test", Now), "example.test", Now) is null && Ours.Read(Ours.Write(name, "other.test", Now), "example.test", Now) is null);

    [Theory]
    [InlineData(0, true)]
    [InlineData(21, true)]
    [InlineData(22, false)]
    [InlineData(500, false)]
    [InlineData(-1, true)]
    [InlineData(-2, false)]
    public void It_grows_old(int days, bool fresh)
    {
        string local = Ours.Write(new string('a', VerpCodec.NameLength), "example.test", Now);
        Assert.Equal(fresh ? LocalPartSeal.Number(Now) : null, Ours.Read(local, "example.test", Now.AddDays(days))?.Day);
    }

    [Fact]
    public void What_a_stranger_has_sealed_for_his_own_return_path_is_no_key_to_another()
    {
        string name = new('a', VerpCodec.NameLength);
        string day = LocalPartSeal.Day(Now);
        // Whoever has mail relayed chooses what stands in SRS1, and sees its hash.
        string srs = new SrsCodec(new LocalPartSeal([1, 2, 3, 4])).Forward($"SRS1=x={day}=example.test={name}", "verp", Now);
        Assert.Null(Ours.Read($"bounce={srs.Split('=')[1]}={day}={name}", "example.test", Now));
    }

    [Theory]
    [InlineData("bounce=aaaaaa=bb=0123456789abcdef0123", true)]
    [InlineData("Bounce=AAAAAA=BB=0123456789ABCDEF0123", true)]
    [InlineData("bounce=aaaaaa=bb=0123456789abcdef012", false)]
    [InlineData("bounce=aaaaaa=bb=0123456789abcdef012z", false)]
    [InlineData("bounce+aaaaaa=bb=0123456789abcdef0123", false)]
    [InlineData("bounce", false)]
    public void Only_what_looks_exactly_so_is_one(string local, bool isOne) => Assert.Equal(isOne, VerpCodec.IsReturnPath(local));
}
